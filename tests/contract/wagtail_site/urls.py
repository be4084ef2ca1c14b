"""No addresses: nobody visits the site."""

from __future__ import annotations

urlpatterns: list[object] = []
