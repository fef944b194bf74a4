#!/bin/sh
# The changes of a fleet, class by class: a playbook for each class of hosts that fails, played on the hosts of that class.
#   sh fix.sh INVENTORY fleet.json DIRECTORY            looks at what would change (--check --diff)
#   APPLY=yes sh fix.sh INVENTORY fleet.json DIRECTORY  changes it
# fleet.json and DIRECTORY (with HOST.json of each host) are what collect.yml left. Needs headroom, jq and Ansible.
# The playbooks stay beside fleet.json, as fix-CLASS.yml. Hosts that answered through headroom-collect need their tar
# file unpacked in DIRECTORY.
set -eu
[ $# -ge 3 ] || { sed -n 's/^#   //p' "$0" >&2; exit 2; }
inventory=$1 fleet=$2 directory=$3
shift 3
mode='--check --diff'
[ "${APPLY:-}" != yes ] || mode=
ended=0
for class in $(jq -r '.classes[] | select(.verdict == "fail").name' "$fleet"); do
	hosts=$(jq -r --arg class "$class" '[.hosts[] | select(.class == $class).name] | join(",")' "$fleet")
	first=${hosts%%,*}
	facts=$directory/$first.json
	[ -e "$facts" ] || facts=$directory/$first
	jq --arg host "$first" '.shares[.hosts[] | select(.name == $host).share].workload' "$fleet" >"$fleet.share"
	headroom fix "$(dirname "$fleet")/$(basename "$fleet").share" --facts "$facts" --emit ansible -o "$(dirname "$fleet")/fix-$class.yml"
	echo "class $class: $hosts"
	# shellcheck disable=SC2086 # two words, or none
	ansible-playbook -i "$inventory" -l "$hosts" $mode "$@" "$(dirname "$fleet")/fix-$class.yml" || ended=$?
done
rm -f "$fleet.share"
exit $ended
