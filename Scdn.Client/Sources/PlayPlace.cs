namespace Scdn.Client.Sources;

/// <summary>The place of a play among the streams at the same time, where the site counts them: kept while the site hears that it plays on, free once it has ended.</summary>
public sealed record PlayPlace
{
    /// <summary>How often the site wants to hear that it plays on.</summary>
    public required TimeSpan KeepEvery { get; init; }

    /// <summary>Tells the site that it plays on; throws when another stream has the place.</summary>
    public required Func<CancellationToken, Task> KeepAsync { get; init; }

    /// <summary>Tells the site that it has ended.</summary>
    public required Func<CancellationToken, Task> EndAsync { get; init; }
}
