# Told to end, puma closes connections without a request, new ones and kept ones, though one may be on its way; and
# while all its threads are busy with kept connections it does not look at TERM. Without its queue a thread waits for
# the request, answers and closes. Slow clients then hold threads: put a proxy before it.
queue_requests false

# Otherwise it ends by TERM itself, and the log says "status:15".
raise_exception_on_sigterm false
