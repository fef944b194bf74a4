# What is written for Kubernetes has the members and types of its own OpenAPI document (tests/kubernetes/), whatever the
# host and the plan; and the check refuses what the API server would. No cluster is asked.
. tests/cli/lib.sh
if ! python3 -c 'import jsonschema, yaml' 2>/dev/null || ! command -v jq >/dev/null; then
	skip "Kubernetes" "no python3, python3-jsonschema, python3-yaml or jq"
	exit 0
fi
against() { python3 "$top/tests/kubernetes/check.py" "$@"; }

# Files of fix --emit.
pods=0
for host in "$hosts"/*; do
	case $host in *macos*) continue ;; esac
	for plan in "--connections 60000" "--connections 900 --lifetime 1s --burst 900" "--role server --connections 100000 --burst 20000 --backlog 65535"; do
		# shellcheck disable=SC2086
		"$H" fix $plan --lifetime 60s --facts "$host" --emit kubernetes -o "pod.$pods" >/dev/null 2>&1 || :
		[ ! -s "pod.$pods" ] || pods=$((pods + 1))
	done
done
same "pods of all hosts" yes "$([ $pods -ge 15 ] && echo yes || echo "$pods")"
check "have the members of Kubernetes" 0 '' '' against Pod pod.*
check "and some have sysctls" 0 'value: "' '' cat pod.*
check "and say what was checked, and what not" 0 'schema of Kubernetes 1.37' '' cat pod.0
same "in words of one line or two" 1 "$(tr -d '#' <pod.0 | tr -s ' \n' ' ' | grep -c 'Checked against the schema of Kubernetes 1.37, not run on a cluster')"

# The printed form, in pods.
parts=0
for plan in "--connections 60000" "--role server --connections 100000 --burst 20000 --backlog 65535" "--connections 100 --threads 5000"; do
	# shellcheck disable=SC2086
	"$H" audit $plan --lifetime 60s --facts "$hosts/debian-default" --set host.container=kubernetes --set vantage.netns.initial=0 \
		--set cgroup.pids.max=300 --set cgroup.pids.current=1 -o json >audit.json 2>/dev/null
	cat audit.json >>audits.json
	jq -c '[.. | objects | .persistent? // empty | objects] | .[]' audit.json >forms
	while read -r form; do
		parts=$((parts + 1))
		printf '%s' "$form" | jq -r '.kubernetes // empty' >"part.$parts.kubernetes"
		printf '%s' "$form" | jq -r '.kubelet // empty' >"part.$parts.kubelet"
	done <forms
done
find . -name 'part.*' -size 0 -delete
check "parts of pods" 0 'sysctls:' '' cat part.*.kubernetes
check "have the members of a pod's specification" 0 '' '' against PodSpec part.*.kubernetes
check "parts of the kubelet's configuration" 0 'allowedUnsafeSysctls:' '' cat part.*.kubelet
check "and its threads" 0 'podPidsLimit:' '' cat part.*.kubelet
check "have the members of it" 0 '' '' against KubeletConfiguration part.*.kubelet
same "and say what was checked" yes \
	"$(jq -r '.. | objects | .note? // empty | strings' audits.json | grep -q 'schema of Kubernetes 1.37, not run on a cluster' && echo yes)"

# What the check refuses.
refused() { # refused TITLE KIND FILE SED
	sed "$4" "$3" >wrong
	cmp -s "$3" wrong && not_ok "$1: nothing was changed"
	check "$1" 1 'wrong: ' '' against "$2" wrong
}
pod=$(grep -l 'sysctls:' pod.* | head -n 1)
refused "a misspelled securityContext" Pod "$pod" 's/securityContext/securityContexts/'
refused "a misspelled sysctls" Pod "$pod" 's/sysctls:/sysctl:/'
refused "a misspelled name" Pod "$pod" 's/- name: net/- key: net/'
refused "a misspelled value" Pod "$pod" 's/ value: / values: /'
refused "a number where a text belongs" Pod "$pod" 's/value: ".*/value: 1/'
refused "another version" Pod "$pod" 's/apiVersion: v1/apiVersion: v2/'
refused "another kind" Pod "$pod" 's/kind: Pod/kind: Pods/'
refused "no container" Pod "$pod" 's/containers:/container:/'
refused "sysctls of a container" Pod "$pod" 's/      image: IMAGE/      securityContext: {sysctls: []}/'
refused "a sysctl that is none" Pod "$pod" 's/- name: net[^ ]*/- name: NET..x/'
refused "a member that stands twice" Pod "$pod" 's/^kind: Pod/kind: Pod\nkind: Pod/'
part=$(grep -l allowedUnsafeSysctls part.*.kubelet | head -n 1)
refused "a misspelled member of the kubelet" KubeletConfiguration "$part" 's/allowedUnsafeSysctls/allowUnsafeSysctls/'
refused "a text where the kubelet has a list" KubeletConfiguration "$part" '1s/.*/allowedUnsafeSysctls: net/;2,$d'
