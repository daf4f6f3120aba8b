namespace Scdn.Client.Scheduling;

/// <summary>How many segments of the head one request asks for.</summary>
internal static class HeadPieces
{
    private const int MostHeadSegments = 8;

    /// <summary>A piece of the head: nothing but what comes first is worth fetching before it is whole, so all connections share it.</summary>
    /// <param name="missing">Segments of the head that are not here, and of what comes first.</param>
    /// <param name="connections">How many share them.</param>
    /// <param name="ways">Over how many at most one segment is fetched.</param>
    /// <returns>Segments of the piece, and over how many connections it is fetched.</returns>
    public static (int Segments, int Ways) Of(int missing, int connections, int ways) => missing < connections
        ? (1, Math.Clamp(connections / Math.Max(1, missing), 1, ways))
        : (Math.Clamp((missing + connections - 1) / connections, 1, MostHeadSegments), 1);
}
