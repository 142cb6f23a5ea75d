#!/usr/bin/env bash
# Let bubblewrap make its sandbox where Ubuntu (23.10 and newer) forbids user namespaces to whoever
# has no AppArmor profile: give /usr/bin/bwrap one, as the release notes of Ubuntu 24.04 advise.
# Nothing changes where it works already: newer releases of Ubuntu bring a profile of their own, and
# with two for one program the kernel uses neither.
set -euo pipefail

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)

works() { bwrap --unshare-all --ro-bind / / --dev /dev --proc /proc true; }

add_profile() {
    "${as_root[@]}" tee /etc/apparmor.d/bwrap >/dev/null <<'PROFILE' &&
abi <abi/4.0>,
include <tunables/global>

profile bwrap /usr/bin/bwrap flags=(unconfined) {
  userns,

  include if exists <local/bwrap>
}
PROFILE
        "${as_root[@]}" apparmor_parser --replace /etc/apparmor.d/bwrap
}

# For every program at once: only where the machine is thrown away after the run.
lift_restriction() {
    [ "${GITHUB_ACTIONS:-}" = true ] &&
        "${as_root[@]}" sysctl --write kernel.apparmor_restrict_unprivileged_userns=0
}

if ! command -v bwrap >/dev/null; then
    "${as_root[@]}" apt-get update --quiet --quiet
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install --quiet --quiet --yes bubblewrap
fi

if works 2>/dev/null; then
    echo "bubblewrap can make its sandbox."
elif add_profile && works; then
    echo "bubblewrap can make its sandbox, by a profile of its own in /etc/apparmor.d/bwrap."
elif lift_restriction && works; then
    echo "bubblewrap can make its sandbox: user namespaces are open to every program."
else
    echo "bubblewrap cannot make its sandbox here; grading can be told --isolation reduced." >&2
    exit 1
fi
