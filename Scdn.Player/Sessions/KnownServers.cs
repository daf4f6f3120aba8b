using System.Text.Json;
using System.Text.Json.Serialization;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Player.Sessions;

/// <summary>
/// The content servers that a site named last, kept beside the session: a program connects to them while it still asks the site. Where they can't be kept, nothing but time is lost.
/// </summary>
internal static class KnownServers
{
    /// <summary>More are not connected to at once.</summary>
    private const int Most = 8;

    /// <summary>Those of a site, best first; none when nothing is known.</summary>
    public static IReadOnlyList<RankedServer> Read(string file, Uri site)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), KnownServersJson.Default.StoredServers) is { Servers: { } servers } stored && stored.Site == site
                ? [.. servers.Where(server => server?.Uri is { IsAbsoluteUri: true } uri && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps))]
                : [];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    /// <summary>Keeps them in place of those before, whole or not at all.</summary>
    public static void Keep(string file, Uri site, IReadOnlyList<RankedServer> servers)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(new StoredServers(site, [.. servers.Take(Most)]), KnownServersJson.Default.StoredServers);
        try
        {
            if (File.Exists(file) && File.ReadAllBytes(file).AsSpan().SequenceEqual(bytes)) return;
            PrivateFile.ReplaceAmongWriters(file, bytes);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The next start takes a round trip longer.
        }
    }
}

/// <summary>As the file keeps them.</summary>
internal sealed record StoredServers(Uri Site, IReadOnlyList<RankedServer>? Servers);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(StoredServers))]
internal sealed partial class KnownServersJson : JsonSerializerContext;
