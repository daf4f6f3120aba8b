using System.Net;

namespace Scdn.Cli.Hosts;

/// <summary>A host refused a request, or did not answer.</summary>
/// <param name="message">The sentence.</param>
/// <param name="status">The HTTP status; null when there was no answer.</param>
/// <param name="inner">The cause.</param>
internal sealed class HostException(string message, HttpStatusCode? status = null, Exception? inner = null) : Scdn.Format.ScdnException(message, inner)
{
    /// <summary>The HTTP status; null when there was no answer.</summary>
    public HttpStatusCode? Status { get; } = status;
}
