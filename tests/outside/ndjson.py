"""Tells Schemathesis how a stream of lines is sent: as it is."""

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def ndjson(_context, value):
    return value.encode() if isinstance(value, str) else value
