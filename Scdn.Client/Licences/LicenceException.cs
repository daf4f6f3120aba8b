using Scdn.Format;

namespace Scdn.Client.Licences;

/// <summary>What the site answered does not allow to play: a licence that is not for this viewer, or a header that is not the one that was promised.</summary>
public sealed class LicenceException : ScdnException
{
    internal LicenceException(string message)
        : base(message)
    {
    }
}
