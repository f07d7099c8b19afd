job "app" {
  datacenters = ["dc1"]
  type        = "service"

  # A new version of the job: one allocation after another, and back to the old one if it does not get healthy.
  update {
    max_parallel     = 1
    health_check     = "checks"
    min_healthy_time = "10s"
    healthy_deadline = "2m"
    auto_revert      = true
  }

  group "app" {
    count = 3

    network {
      port "http" {
        to = 8080
      }
    }

    service {
      name     = "app"
      port     = "http"
      provider = "nomad"

      check {
        type     = "http"
        path     = "/"
        interval = "5s"
        timeout  = "2s"
      }
    }

    task "app" {
      driver = "docker"

      config {
        image   = "example.org/app:1"
        ports   = ["http"]
        command = "start_server"
        args = [
          "--port=8080",
          "--envdir=/local/env",
          "--control=/local/control",
          "--",
          "./app",
        ]
      }

      # The workers' last requests have to fit into it.
      kill_timeout = "45s"

      # A setting that changes while the job runs: the worker is swapped, the allocation stays.
      template {
        data        = "{{ with nomadVar \"nomad/jobs/app\" }}{{ .greeting }}{{ end }}\n"
        destination = "local/env/GREETING"
        change_mode = "script"

        change_script {
          command       = "start_server"
          args          = ["--restart", "--control=/local/control", "--timeout=50"]
          timeout       = "60s"
          fail_on_error = true
        }
      }
    }
  }
}
