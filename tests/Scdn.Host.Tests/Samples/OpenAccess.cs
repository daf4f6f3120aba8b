using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Scdn.Format;
using Scdn.Grains;
using Scdn.Host.Parts;

namespace Scdn.Host.Tests.Samples;

/// <summary>Lets everybody at one content, as somebody who is known or has to be asked about, and notes what was answered.</summary>
internal sealed class OpenAccess(ContentId content, bool isKnown = false) : IPartAccess
{
    public ConcurrentQueue<(PartId? Part, SentBytes Sent)> Answers { get; } = new();

    public Admission? Recognize(HttpRequest request) => isKnown ? new Admission(content, null) : null;

    public ValueTask<Outcome<Admission>> AdmitAsync(HttpContext http) => ValueTask.FromResult<Outcome<Admission>>(new Admission(content, null));

    public void Answered(Admission admission, PartId? part, SentBytes sent, TimeSpan took) => Answers.Enqueue((part, sent));
}

/// <summary>Lets nobody in.</summary>
internal sealed class ClosedAccess : IPartAccess
{
    public ValueTask<Outcome<Admission>> AdmitAsync(HttpContext http) => ValueTask.FromResult<Outcome<Admission>>(Refusal.Unauthenticated("Closed."));

    public void Answered(Admission admission, PartId? part, SentBytes sent, TimeSpan took)
    {
        // Nobody was let in.
    }
}
