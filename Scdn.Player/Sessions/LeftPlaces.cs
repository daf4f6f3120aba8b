using System.Text.Json;
using System.Text.Json.Serialization;
using Scdn.Format;

namespace Scdn.Player.Sessions;

/// <summary>
/// Where each content was left, kept in a file that only its owner can read, so that it goes on there the next time. Where it can't be kept, it begins at its beginning.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="time">The clock.</param>
public sealed class LeftPlaces(string path, TimeProvider time)
{
    /// <summary>Of more contents it is not kept; those that were left the longest ago go first.</summary>
    private const int Most = 500;

    /// <summary>Who has seen less than this, or misses less than this, begins at the beginning.</summary>
    private static readonly TimeSpan WorthKeeping = TimeSpan.FromSeconds(15);

    /// <summary>Where it is kept.</summary>
    public static string DefaultFile => Path.Combine(UserFolders.State, "places.json");

    /// <summary>Where one was left; null when it begins at its beginning.</summary>
    public TimeSpan? Of(ContentId content) => Read().Find(place => place.Content == content.ToString())?.Position;

    /// <summary>Keeps where one was left, in place of what was kept before.</summary>
    /// <param name="content">The content.</param>
    /// <param name="position">Where; null when it was seen to its end.</param>
    /// <param name="duration">How long it is; zero when nobody knows.</param>
    public void Keep(ContentId content, TimeSpan? position, TimeSpan duration)
    {
        try
        {
            var places = Read();
            var had = places.RemoveAll(place => place.Content == content.ToString()) > 0;
            var isWorth = position >= WorthKeeping && (duration <= TimeSpan.Zero || position < duration - WorthKeeping);
            if (isWorth) places.Insert(0, new(content.ToString(), position!.Value, time.GetUtcNow()));
            if (!isWorth && !had) return;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            PrivateFile.ReplaceAmongWriters(path, JsonSerializer.SerializeToUtf8Bytes([.. places.Take(Most)], LeftPlacesJson.Default.ListLeftPlace));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It begins at its beginning.
        }
    }

    private List<LeftPlace> Read()
    {
        try
        {
            return [.. (JsonSerializer.Deserialize(File.ReadAllBytes(path), LeftPlacesJson.Default.ListLeftPlace) ?? []).Where(place => place is { Content: not null, Position.Ticks: > 0 })];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }
}

/// <summary>As the file keeps it.</summary>
internal sealed record LeftPlace(string Content, TimeSpan Position, DateTimeOffset At);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(List<LeftPlace>))]
internal sealed partial class LeftPlacesJson : JsonSerializerContext;
