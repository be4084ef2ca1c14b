"""Finds names of programs and formats in lower case, which Chinese keeps: nginx, npm, ffmpeg."""

from __future__ import annotations

import re
from typing import Final

PROGRAMS: Final = frozenset(
    (
        "ansible apache apt awk aws bash brew bun busybox bzip2 cargo ceph certbot chmod chown "
        "chrome chromium clang cmake conda containerd cron crontab csv curl debian deno dhcp "
        "dnf dns docker dpkg eslint etcd ffmpeg firefox flask fstab ftp gcc gdb gh git github "
        "gitlab glibc gnome golang grafana grep gunicorn gzip haproxy helm homebrew htop html "
        "http https httpd ifconfig imagemagick iptables ipv4 ipv6 javac java javascript jenkins "
        "jquery json jupyter jwt kafka kde kubectl kubelet kubernetes latex ldap lighttpd linux "
        "lua mariadb markdown matplotlib maven mkdir mongodb mqtt mysql mysqld nano netcat "
        "netstat nextcloud nftables nginx nodejs npm npx numpy nvidia oauth openjdk openssh "
        "openssl openvpn pandas pandoc perl php phpmyadmin pip pip3 pipx pnpm podman postfix "
        "postgres postgresql powershell prometheus psql pypi pytest python python3 pytorch qemu "
        "rabbitmq rclone redis rpm rsync ruby rustc rustup samba scp sed selinux sftp smtp "
        "sqlite ssh sshd ssl strace sudo svg svn systemctl systemd tar tcp tcpdump telnet "
        "tensorflow terraform tls tmux traefik typescript ubuntu udp uvicorn vagrant vim "
        "virtualenv vscode wagtail webpack websocket wget wireguard wordpress xml yaml yarn yum "
        "zip zsh"
    ).split()
)
"""Names that are not also ordinary words."""
_WORD = re.compile(r"(?<![A-Za-z0-9_-])[a-z][a-z0-9.+-]*[a-z0-9](?![A-Za-z0-9_-])")
_NO_VOWEL = re.compile(r"[b-df-hj-np-tv-xz]{3,}")
_SHORTENED = frozenset("pct hrs mph kph rpm mrs mph lbs yrs mins secs pts bps".split())


def find_programs(text: str) -> list[str]:
    """Words of ``text`` that are names of programs or formats, or have no vowel, as only such names
    do.
    """
    return [
        word
        for word in _WORD.findall(text)
        if word in PROGRAMS or (_NO_VOWEL.fullmatch(word) and word not in _SHORTENED)
    ]
