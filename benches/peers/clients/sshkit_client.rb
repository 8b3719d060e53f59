# SSHKit, under Capistrano, with 32 threads and not one for each host.
require "sshkit"

sites, times = ARGV.map(&:to_i)
command = ENV.fetch("PEERS_COMMAND")
SSHKit.config.use_format(:blackhole)
SSHKit::Backend::Netssh.configure do |ssh|
  ssh.ssh_options = { config: [ENV.fetch("PEERS_CONFIG")], verify_host_key: :always,
                      user_known_hosts_file: ENV.fetch("PEERS_KNOWN_HOSTS"), keys: [ENV.fetch("PEERS_KEY")],
                      keys_only: true, use_agent: false, port: ENV.fetch("PEERS_PORT").to_i }
end
queue = Queue.new
(1..sites).each { |number| queue << "root@127.0.1.#{number}" }
failed = Queue.new
threads = Array.new(32) do
  Thread.new do
    loop do
      host = queue.pop(true)
      begin
        SSHKit::Backend::Netssh.new(SSHKit::Host.new(host)) { times.times { execute command } }.run
      rescue StandardError => e
        warn "#{host}: #{e.message}"
        failed << host
      end
    rescue ThreadError
      break # Nothing is left to do.
    end
  end
end
threads.each(&:join)
exit(failed.empty? ? 0 : 1)
