namespace Scdn.Host.Hosting;

/// <summary>The host cannot start for a reason that its operator can act on: the message is the whole sentence.</summary>
internal sealed class HostStartException(string message, Exception? inner = null) : Exception(message, inner);
