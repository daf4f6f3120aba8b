namespace Scdn.Media.Decoding;

/// <summary>A source on loopback that gives a page at a time, each on a connection of its own.</summary>
internal interface IPagedSource
{
    /// <summary>Its address.</summary>
    string Url { get; }

    /// <summary>Fires when bytes were asked for that it does not give.</summary>
    CancellationToken Starved { get; }

    /// <summary>Requests that it has begun to answer, or has answered: as long as this grows, or <see cref="IsAnswering"/>, its reader has not come to a stop.</summary>
    long Answers { get; }

    /// <summary>Whether an answer is under way.</summary>
    bool IsAnswering { get; }

    /// <summary>Its reader has all it needs.</summary>
    void Close();
}
