import type { Tools } from './index.ts';

const apt = `
archives=/var/cache/apt/archives
command=
for word; do case $word in -*) ;; *) command=$word; break ;; esac; done
case $command in
  update) put /var/lib/apt/lists/packages 'lists' ;;
  install)
    need /var/lib/apt/lists/packages
    for name in $(words "$@"); do
      [ "$name" = install ] && continue
      put "/usr/share/packages/$name" "$name"
      [ -f /etc/apt/apt.conf.d/docker-clean ] || cached "$archives" "$name.deb"
    done ;;
  clean | autoclean) rm -rf "$archives" ;;
  upgrade | dist-upgrade | autoremove | purge | remove) ;;
  *) fail "unknown command $command" ;;
esac`;

/** Managers that fetch their lists themselves. */
const rpm = (cache: string) => `
for word; do case $word in clean) rm -rf ${cache}; exit 0 ;; esac; done
for name in $(words "$@"); do
  case $name in install | update | upgrade | makecache) continue ;; esac
  put "/usr/share/packages/$name" "$name"
  ! has --setopt=keepcache=1 "$@" || cached ${cache} "$name.rpm"
done`;

export const systemTools: Tools = {
  'apt-get': apt,
  apt,
  apk: `
for name in $(words "$@"); do
  case $name in add | update | upgrade | del) continue ;; esac
  put "/usr/share/packages/$name" "$name"
  [ ! -d /etc/apk/cache ] || has --no-cache "$@" || cached /etc/apk/cache "$name.apk"
done
has --no-cache "$@" || has del "$@" || put /var/cache/apk/APKINDEX index`,
  dnf: rpm('/var/cache/dnf'),
  microdnf: rpm('/var/cache/yum'),
  yum: rpm('/var/cache/yum'),
  git: `case \${1:-} in clone) put "$(basename "$2" .git)/README" "$2" ;; *) need .git/HEAD; cat .git/HEAD ;; esac`,
  curl: 'for word; do case $word in http*) echo "content of $word" ;; esac; done',
  wget: 'for word; do case $word in http*) put "$(basename "$word")" "content of $word" ;; esac; done',
};
