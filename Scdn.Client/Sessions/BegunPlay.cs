using Scdn.Client.Licences;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client.Sessions;

/// <summary>A play that was asked for in the request that opened a session. Thread-safe.</summary>
/// <param name="licence">What was asked; disposed of with this.</param>
/// <param name="answer">What was answered; null: a refusal, or nothing.</param>
/// <param name="refusal">Why not.</param>
internal sealed class BegunPlay(LicenceRequest licence, PlayAnswer? answer, SiteException? refusal) : IDisposable
{
    private int _taken;

    /// <summary>What was asked. Asking for it again by a request of its own is the same play, and counts nothing further.</summary>
    public LicenceRequest Licence => licence;

    /// <summary>Takes it up: the first who asks to play this content.</summary>
    /// <param name="content">What is to be played.</param>
    /// <param name="now">The time.</param>
    /// <param name="begun">What was answered; null: it is to be asked for again, for the host could not answer, where another may, or it was too long ago.</param>
    /// <exception cref="SiteException">It was refused.</exception>
    public bool TryTake(ContentId content, DateTimeOffset now, out PlayAnswer? begun)
    {
        begun = answer?.KeyExpires > now ? answer : null;
        if (content != licence.Request.Content || Interlocked.Exchange(ref _taken, 1) != 0) return false;
        return refusal is { IsElsewhereBetter: false } ? throw refusal : true;
    }

    public void Dispose() => licence.Dispose();
}
