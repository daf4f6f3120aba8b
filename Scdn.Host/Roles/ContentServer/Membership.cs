using System.Text.Json;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Host.Hosting;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>Who this server is in the cluster; kept in the data folder from joining on.</summary>
internal sealed class Membership(HostSettings settings)
{
    private readonly string _path = Path.Combine(settings.DataFolder, "server.json");
    private JoinAnswer? _joined;

    /// <summary>What joining brought; null before.</summary>
    public JoinAnswer? Joined => _joined ??= Read();

    /// <summary>Keeps it.</summary>
    public void Keep(JoinAnswer answer)
    {
        Directory.CreateDirectory(settings.DataFolder);
        PrivateFile.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(answer, HostJson.Options));
        _joined = answer;
    }

    /// <summary>The server's id; only after joining.</summary>
    public ServerId Server => Joined?.Server ?? throw new InvalidOperationException("This server has not joined yet.");

    private JoinAnswer? Read()
    {
        if (!File.Exists(_path)) return null;
        try
        {
            return JsonSerializer.Deserialize<JoinAnswer>(File.ReadAllBytes(_path), HostJson.Options);
        }
        catch (JsonException damaged)
        {
            throw new HostStartException($"'{_path}' is damaged: delete it and let the server join again with a fresh token.", damaged);
        }
    }
}
