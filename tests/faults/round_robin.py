"""A small balancer: each request goes to the next of several servers, past those that do not answer."""

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web


@asynccontextmanager
async def round_robin(servers: Sequence[str]) -> AsyncIterator[str]:
    """Give the address that leads to `servers` in turn."""
    order = itertools.cycle(servers)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:

        async def forward(request: web.Request) -> web.Response:
            body = await request.read()
            for _ in servers:
                address = next(order) + request.path
                try:
                    async with session.request(
                        request.method, address, data=body, headers=_kept(request)
                    ) as answer:
                        return web.Response(status=answer.status, body=await answer.read())
                except aiohttp.ClientError:
                    continue
            return web.Response(status=502)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", forward)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        try:
            yield f"http://{host}:{port}"
        finally:
            await runner.cleanup()


def _kept(request: web.Request) -> dict[str, str]:
    return {
        name: value for name, value in request.headers.items() if name.lower().startswith(("x-", "content-t"))
    }
