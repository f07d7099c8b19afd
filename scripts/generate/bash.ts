/** completions/start_server.bash, for bash 4 and newer, with or without the package bash-completion. */
import { optionTable, type OptionRow } from '../../src/core/command-line/option-table.js';
import { alike, notice, shellQuoted, signalNames, takesValue, type Offer } from './completion.js';

/** `table` is for tests. */
export function bashCompletion(table: readonly OptionRow[] = optionTable): string {
  return [head, takesValueFunction(table), valueFunction(table), optionFunction(table), tail].join('\n\n');
}

const head = `# shellcheck shell=bash
${notice}

# Puts into COMPREPLY what compgen answers.
_start_server_offer() {
    local word
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "$@")
}`;

function takesValueFunction(table: readonly OptionRow[]): string {
  const names = table.filter(takesValue).map(({ name }) => `--${name}`);
  return `_start_server_takes_value() {
    case $1 in
        ${names.join(' | ')}) return 0 ;;
        *) return 1 ;;
    esac
}`;
}

function valueFunction(table: readonly OptionRow[]): string {
  const cases = alike(table).map(
    ({ offer, names }) => `        ${names.map((name) => `--${name}`).join(' | ')}) ${answerTo(offer)} ;;`,
  );
  return `# Offers what begins with $2 as the value of the option $1.
_start_server_value() {
    case $1 in
${cases.join('\n')}
    esac
}`;
}

/** With an empty COMPREPLY, these options of compopt leave the answer to readline, which knows quotes and tildes. */
function answerTo(offer: Offer): string {
  switch (offer) {
    case 'file':
      return 'compopt -o default';
    case 'directory':
      return 'compopt -o dirnames';
    case 'signal':
      return words(signalNames);
    default:
      return words(offer.join(' '));
  }
}

function words(list: string): string {
  return `_start_server_offer -W ${shellQuoted(list)} -- "$2"`;
}

function optionFunction(table: readonly OptionRow[]): string {
  const names = table.map((row) => (takesValue(row) ? `--${row.name}=` : `--${row.name}`));
  return `# Offers the options that begin with $1.
_start_server_option() {
    _start_server_offer -W ${shellQuoted(names.join(' '))} -- "$1"
    [[ \${COMPREPLY[0]-} != *= ]] || compopt -o nospace
}`;
}

const tail = `# Leaves it to the program's own completion; $1 is its place in COMP_WORDS, $2 what is typed.
_start_server_program() {
    if declare -F _comp_command_offset >/dev/null; then
        _comp_command_offset "$1"
    elif declare -F _command_offset >/dev/null; then
        _command_offset "$1"
    elif ((COMP_CWORD > $1)); then
        compopt -o bashdefault -o default
    else
        [[ $2 != */* ]] || compopt -o filenames
        _start_server_offer -c -- "$2"
    fi
}

# The words up to the cursor as they were typed, and where they begin in COMP_WORDS, in which bash has cut them at = and :.
_start_server_words() {
    local line=\${COMP_LINE:0:COMP_POINT} rest word at
    words=() places=()
    for ((at = 0; at <= COMP_CWORD; at++)); do
        rest=\${line#"\${line%%[![:space:]]*}"}
        word=\${COMP_WORDS[at]}
        ((at < COMP_CWORD)) || word=$rest
        if ((at > 0)) && [[ $rest == "$line" ]]; then
            words[\${#words[@]} - 1]+=$word
        else
            places+=("$at")
            words+=("$word")
        fi
        line=\${rest#"$word"}
    done
}

_start_server() {
    local words places at last word
    COMPREPLY=()
    _start_server_words
    last=$((\${#words[@]} - 1))
    for ((at = 1; at < last; at++)); do
        word=\${words[at]}
        if [[ $word == -- ]]; then
            _start_server_program "\${places[at + 1]}" "\${words[last]}"
            return
        elif [[ $word != -* ]]; then
            _start_server_program "\${places[at]}" "\${words[last]}"
            return
        elif _start_server_takes_value "$word"; then
            ((++at < last)) && continue
            _start_server_value "$word" "\${words[last]}"
            return
        fi
    done
    word=\${words[last]}
    case $word in
        --*=*) _start_server_value "\${word%%=*}" "\${word#*=}" ;;
        '' | -*) _start_server_option "$word" ;;
        *) _start_server_program "\${places[last]}" "$word" ;;
    esac
}

complete -F _start_server start_server
`;
