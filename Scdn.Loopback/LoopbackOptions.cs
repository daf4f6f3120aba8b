namespace Scdn.Loopback;

/// <summary>How a <see cref="LoopbackServer"/> behaves. The defaults suit a media player on the same machine.</summary>
public sealed record LoopbackOptions
{
    /// <summary>TCP port on 127.0.0.1; 0 (the default) takes any free one. A taken port throws when the server starts.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Bytes that the system may hold for a connection beyond what the peer has read (SO_SNDBUF; Linux doubles it and has a floor of about 4 KiB);
    /// null (the default) leaves it to the system, which lets megabytes run ahead of the reader.
    /// </summary>
    public int? SendBufferBytes { get; init; }

    /// <summary>Connections served at once; more are answered with 503. Default 64.</summary>
    public int MaxConnections { get; init; } = 64;

    /// <summary>How long a connection may rest between two requests. Default one minute.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a request's head may take from its first byte to its last. Default ten seconds.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Told of every exception that a handler lets out, after the connection was reset. Null (the default): nobody is told.</summary>
    public Action<Exception>? HandlerFailed { get; init; }

    /// <summary>The clock of the time-outs.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
