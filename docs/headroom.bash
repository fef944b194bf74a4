# bash completion for headroom; made by `headroom help --bash`
_headroom()
{
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=
	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		words="audit gate watch why lint fleet fix workload size calibrate explain facts report history attach sign verify rules schema help version"
		COMPREPLY=($(compgen -W "$words" -- "$word"))
		return
	fi
	case $before in
	--split) words="weight capacity" ;;
	--certify) words="on off strict" ;;
	--planning-constants) words="on off" ;;
	--color) words="auto always never" ;;
	--role) words="client server proxy both" ;;
	--protocol) words="tcp udp" ;;
	--runtime) words="native go java node python erlang" ;;
	--lifetime-spread) words="fixed exponential" ;;
	--start) words="empty steady together" ;;
	--closer) words="client server reset" ;;
	--peer-close) words="prompt never" ;;
	--bind) words="none wildcard address noport" ;;
	--nat) words="none masquerade publish publish-proxy" ;;
	--upstream-closer) words="client server reset" ;;
	esac
	if [ -n "$words" ]; then
		COMPREPLY=($(compgen -W "$words" -- "$word"))
		return
	fi
	case ${COMP_WORDS[1]} in
	audit) words=" --output --facts --image --pid --no-config --container --set --resolve --max-use --ignore --waivers --max-age --pessimistic --planning-constants --calibrate --map --inspect --no-inspect --all --template --ticket --requested-by --valid-for --unit --against --rules --redact --color --quiet --no-history --help --name --tool --role --protocol --runtime --connections --open-rate --new-conns --ramp-rate --lifetime --lifetime-spread --start --burst --burst-window --duration --timeout --opens-total --requests --rps --latency --requests-per-connection --streams-per-connection --peer-max-streams --destinations --to --source-addresses --closer --client-closes --peer-close --bind --nat --egress --on-link-peers --processes --threads --max-connections --fds-base --fds-per-connection --nofile --backlog --memory-base --memory-per-connection --memory-per-user --users --queued --ports-per-connection --ports-base --erlang-ports --stages --groups --upstream-connections --upstream-open-rate --upstream-closer --upstream-destinations" ;;
	gate) words=" --output --config --no-config --force --wait --time-limit --fix-soft --certify --max-errors --min-rate --min-reached --max-cpu-wait --learn --interval --set --resolve --max-use --ignore --waivers --max-age --pessimistic --planning-constants --calibrate --inspect --no-inspect --all --template --ticket --requested-by --valid-for --against --rules --redact --color --quiet --no-history --help --name --tool --role --protocol --runtime --connections --open-rate --new-conns --ramp-rate --lifetime --lifetime-spread --start --burst --burst-window --duration --timeout --opens-total --requests --rps --latency --requests-per-connection --streams-per-connection --peer-max-streams --destinations --to --source-addresses --closer --client-closes --peer-close --bind --nat --egress --on-link-peers --processes --threads --max-connections --fds-base --fds-per-connection --nofile --backlog --memory-base --memory-per-connection --memory-per-user --users --queued --ports-per-connection --ports-base --erlang-ports --stages --groups --upstream-connections --upstream-open-rate --upstream-closer --upstream-destinations" ;;
	watch) words=" --pid --interval --once --json --prometheus --container --set --max-use --all --unit --rules --redact --color --quiet --no-history --help" ;;
	why) words=" --output --facts --pid --for --container --set --resolve --max-use --all --unit --rules --redact --color --quiet --no-history --help" ;;
	lint) words=" --output --facts --image --set --all --color --quiet --no-history --help" ;;
	fleet) words=" --output --hosts --split --set --resolve --max-use --ignore --waivers --max-age --pessimistic --planning-constants --all --template --ticket --requested-by --valid-for --emit --dir --against --rules --redact --color --quiet --no-history --help --name --tool --role --protocol --runtime --connections --open-rate --new-conns --ramp-rate --lifetime --lifetime-spread --start --burst --burst-window --duration --timeout --opens-total --requests --rps --latency --requests-per-connection --streams-per-connection --peer-max-streams --destinations --to --source-addresses --closer --client-closes --peer-close --bind --nat --egress --on-link-peers --processes --threads --max-connections --fds-base --fds-per-connection --nofile --backlog --memory-base --memory-per-connection --memory-per-user --users --queued --ports-per-connection --ports-base --erlang-ports --stages --groups --upstream-connections --upstream-open-rate --upstream-closer --upstream-destinations" ;;
	fix) words=" --output --facts --pid --no-config --container --set --resolve --max-use --ignore --waivers --max-age --pessimistic --planning-constants --inspect --no-inspect --all --emit --dir --unit --apply --dry-run --yes --undo --force --verify --root --rules --redact --color --quiet --no-history --help --name --tool --role --protocol --runtime --connections --open-rate --new-conns --ramp-rate --lifetime --lifetime-spread --start --burst --burst-window --duration --timeout --opens-total --requests --rps --latency --requests-per-connection --streams-per-connection --peer-max-streams --destinations --to --source-addresses --closer --client-closes --peer-close --bind --nat --egress --on-link-peers --processes --threads --max-connections --fds-base --fds-per-connection --nofile --backlog --memory-base --memory-per-connection --memory-per-user --users --queued --ports-per-connection --ports-base --erlang-ports --stages --groups --upstream-connections --upstream-open-rate --upstream-closer --upstream-destinations" ;;
	workload) words=" --facts --pid --no-config --container --set --inspect --no-inspect --unit --rules --color --quiet --no-history --help --name --tool --role --protocol --runtime --connections --open-rate --new-conns --ramp-rate --lifetime --lifetime-spread --start --burst --burst-window --duration --timeout --opens-total --requests --rps --latency --requests-per-connection --streams-per-connection --peer-max-streams --destinations --to --source-addresses --closer --client-closes --peer-close --bind --nat --egress --on-link-peers --processes --threads --max-connections --fds-base --fds-per-connection --nofile --backlog --memory-base --memory-per-connection --memory-per-user --users --queued --ports-per-connection --ports-base --erlang-ports --stages --groups --upstream-connections --upstream-open-rate --upstream-closer --upstream-destinations" ;;
	size) words=" --output --facts --image --pid --no-config --container --set --resolve --max-use --ignore --waivers --max-age --pessimistic --planning-constants --calibrate --inspect --no-inspect --all --ticket --requested-by --valid-for --emit --dir --unit --provider --catalogue --rules --redact --color --quiet --no-history --help --name --tool --role --protocol --runtime --connections --open-rate --new-conns --ramp-rate --lifetime --lifetime-spread --start --burst --burst-window --duration --timeout --opens-total --requests --rps --latency --requests-per-connection --streams-per-connection --peer-max-streams --destinations --to --source-addresses --closer --client-closes --peer-close --bind --nat --egress --on-link-peers --processes --threads --max-connections --fds-base --fds-per-connection --nofile --backlog --memory-base --memory-per-connection --memory-per-user --users --queued --ports-per-connection --ports-base --erlang-ports --stages --groups --upstream-connections --upstream-open-rate --upstream-closer --upstream-destinations" ;;
	calibrate) words=" --output --facts --pid --container --set --resolve --full --overflow --published --time --memory --all --unit --rules --color --quiet --no-history --help --name --tool --role --protocol --runtime --connections --open-rate --new-conns --ramp-rate --lifetime --lifetime-spread --start --burst --burst-window --duration --timeout --opens-total --requests --rps --latency --requests-per-connection --streams-per-connection --peer-max-streams --destinations --to --source-addresses --closer --client-closes --peer-close --bind --nat --egress --on-link-peers --processes --threads --max-connections --fds-base --fds-per-connection --nofile --backlog --memory-base --memory-per-connection --memory-per-user --users --queued --ports-per-connection --ports-base --erlang-ports --stages --groups --upstream-connections --upstream-open-rate --upstream-closer --upstream-destinations" ;;
	explain) words=" --facts --pid --container --set --resolve --max-use --ignore --waivers --max-age --pessimistic --planning-constants --unit --rules --color --quiet --no-history --help --name --tool --role --protocol --runtime --connections --open-rate --new-conns --ramp-rate --lifetime --lifetime-spread --start --burst --burst-window --duration --timeout --opens-total --requests --rps --latency --requests-per-connection --streams-per-connection --peer-max-streams --destinations --to --source-addresses --closer --client-closes --peer-close --bind --nat --egress --on-link-peers --processes --threads --max-connections --fds-base --fds-per-connection --nofile --backlog --memory-base --memory-per-connection --memory-per-user --users --queued --ports-per-connection --ports-base --erlang-ports --stages --groups --upstream-connections --upstream-open-rate --upstream-closer --upstream-destinations" ;;
	facts) words=" --output --facts --pid --container --set --all --unit --snapshot --keys --rules --color --quiet --no-history --help" ;;
	report) words=" --output --all --template --ticket --requested-by --valid-for --redact --color --quiet --no-history --help" ;;
	history) words=" --output --all --keep --older-than --redact --color --quiet --no-history --help" ;;
	attach) words=" --time-limit --dry-run --comment --url --token-file --insecure --color --quiet --no-history --help" ;;
	sign) words=" --key --color --quiet --no-history --help" ;;
	verify) words=" --key --identity --color --quiet --no-history --help" ;;
	rules) words=" --rules --color --quiet --no-history --help" ;;
	schema) words=" --color --quiet --no-history --help" ;;
	help) words=" --color --quiet --no-history --help" ;;
	version) words=" --color --quiet --no-history --help" ;;
	esac
	if [[ $word == -* ]]; then
		COMPREPLY=($(compgen -W "$words" -- "$word"))
	else
		COMPREPLY=($(compgen -f -- "$word"))
	fi
}
complete -F _headroom headroom
