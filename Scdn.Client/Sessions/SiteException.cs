using System.Net;
using Scdn.Format;

namespace Scdn.Client.Sessions;

/// <summary>The contents site refused, or could not be asked. The message is the site's own sentence where it gave one.</summary>
public sealed class SiteException : ScdnException
{
    internal SiteException(string message, HttpStatusCode? status, bool isTransient, Exception? inner = null)
        : base(message, inner) => (Status, IsTransient) = (status, isTransient);

    /// <summary>The HTTP status; null when the site did not answer.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary>Whether the session or the password is what is wrong: signing in anew may help.</summary>
    public bool IsUnauthorized => Status is HttpStatusCode.Unauthorized;

    /// <summary>Whether another host of the site may do what this one could not.</summary>
    internal bool IsElsewhereBetter => Status is null or >= HttpStatusCode.InternalServerError;

    /// <inheritdoc/>
    public override bool IsTransient { get; }
}
