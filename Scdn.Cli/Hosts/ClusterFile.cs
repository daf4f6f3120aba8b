using System.Text.Json;
using System.Text.Json.Serialization;

namespace Scdn.Cli.Hosts;

/// <summary>What is written down of a running cluster, so that other commands find it.</summary>
/// <param name="Control">Where the control host answers.</param>
/// <param name="Hosts">All processes.</param>
internal sealed record ClusterFile(Uri Control, IReadOnlyList<ClusterHost> Hosts)
{
    /// <summary>Where it is written.</summary>
    public static string PathIn(string data) => Path.Combine(data, "cluster.json");

    /// <summary>The file of a data folder; null when no cluster was started there, or it was stopped.</summary>
    public static ClusterFile? Find(string data)
    {
        var path = PathIn(data);
        if (!File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ClusterFileJson.Default.ClusterFile);
        }
        catch (JsonException fault)
        {
            throw new CliException($"{path} can't be read: stop the processes 'scdn-host' by hand, then remove the file.", fault);
        }
    }

    /// <summary>Writes it, whole or not at all.</summary>
    public void Write(string data)
    {
        var path = PathIn(data);
        var temporary = $"{path}.new";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(this, ClusterFileJson.Default.ClusterFile));
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Removes it, if it is there.</summary>
    public static void Remove(string data)
    {
        if (File.Exists(PathIn(data))) File.Delete(PathIn(data));
    }

    /// <summary>The hosts that still run.</summary>
    [JsonIgnore]
    public IReadOnlyList<ClusterHost> Alive => [.. Hosts.Where(host => host.Process.IsAlive)];
}

/// <summary>One process of a cluster.</summary>
/// <param name="Name">The host's name.</param>
/// <param name="Uri">Where it answers.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Started">When the process started, as <see cref="ProcessIdentity"/> has it.</param>
internal sealed record ClusterHost(string Name, Uri Uri, int Pid, long Started)
{
    /// <summary>Its process.</summary>
    [JsonIgnore]
    public ProcessIdentity Process => new(Pid, Started);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(ClusterFile))]
internal sealed partial class ClusterFileJson : JsonSerializerContext;
