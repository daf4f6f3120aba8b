namespace Scdn.Client;

/// <summary>What a <see cref="NetworkManager"/> did until now.</summary>
/// <param name="BytesByServer">Body bytes that came from each server, by its name; servers that sent nothing are not there.</param>
/// <param name="RequestsUnderWay">Requests that each server has yet to answer to the end, by its name; idle servers are not there.</param>
/// <param name="FetchedBytes">Body bytes in all, with what was fetched twice or in vain.</param>
/// <param name="UsefulBytes">Stored bytes of segments that were checked and kept.</param>
/// <param name="Failovers">Times that a server which was in use had to be left.</param>
/// <param name="Hedges">Times that something late was asked for again, of a second server or over another connection.</param>
/// <param name="CorruptSegments">Segments that were not what was published, and were thrown away.</param>
/// <param name="RefusedRequests">Requests that a server refused for the authentication key that it was shown.</param>
/// <param name="Renewals">Times that the site named servers anew, with a new authentication key where it was time for one, and these were taken.</param>
/// <param name="FirstByte">From the start to the first byte of a part; null before.</param>
public sealed record NetworkStatistics(
    IReadOnlyDictionary<string, long> BytesByServer,
    IReadOnlyDictionary<string, int> RequestsUnderWay,
    long FetchedBytes,
    long UsefulBytes,
    int Failovers,
    int Hedges,
    int CorruptSegments,
    int RefusedRequests,
    int Renewals,
    TimeSpan? FirstByte)
{
    /// <summary>Times that each server had to be left, by its name; those that never were are not there.</summary>
    public IReadOnlyDictionary<string, int> FailoversByServer { get; init; } = new Dictionary<string, int>();
}
