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

    /// <summary>What was asked.</summary>
    public LicenceRequest Licence => licence;

    /// <summary>What was answered, to the first who asks to play this content; null: it is to be asked for by a request of its own, which another host of the site may answer.</summary>
    /// <exception cref="SiteException">It was refused.</exception>
    public PlayAnswer? TryTake(ContentId content)
    {
        if (content != licence.Request.Content || Interlocked.Exchange(ref _taken, 1) != 0) return null;
        return refusal is { IsElsewhereBetter: false } ? throw refusal : answer;
    }

    public void Dispose() => licence.Dispose();
}
