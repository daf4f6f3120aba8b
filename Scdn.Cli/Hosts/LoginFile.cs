using System.Text.Json;
using System.Text.Json.Serialization;
using Scdn.Format;

namespace Scdn.Cli.Hosts;

/// <summary>That somebody is signed in at a control host.</summary>
/// <param name="Control">Where.</param>
/// <param name="User">Who.</param>
/// <param name="Token">What is shown there.</param>
/// <param name="Expires">Until when.</param>
/// <param name="Pins">What the control host goes by over TLS; null: it speaks plain http, or did not say.</param>
internal sealed record Login(Uri Control, string User, string Token, DateTimeOffset Expires, KeyPins? Pins = null);

/// <summary>Sign-ins, each in a file that only its owner can read, one for each control host.</summary>
internal static class LoginFile
{
    private static string Folder => Path.Combine(UserFolders.Config, "logins");

    /// <summary>The sign-in at a control host; null when there is none.</summary>
    public static Login? Find(Uri control) => Read(PathOf(control));

    /// <summary>The only sign-in; null when there is none, or more than one.</summary>
    public static Login? Only() => Directory.Exists(Folder) && Directory.GetFiles(Folder, "*.json") is [var path] ? Read(path) : null;

    /// <summary>Keeps one, in place of the one before.</summary>
    public static void Write(Login login)
    {
        Directory.CreateDirectory(Folder);
        PrivateFile.Replace(PathOf(login.Control), JsonSerializer.SerializeToUtf8Bytes(login, LoginJson.Default.Login));
    }

    /// <summary>Forgets one.</summary>
    public static void Remove(Uri control) => File.Delete(PathOf(control));

    private static string PathOf(Uri control) => Path.Combine(Folder, $"{control.Scheme}-{control.Authority.Replace(':', '-')}.json");

    private static Login? Read(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), LoginJson.Default.Login);
        }
        catch (JsonException fault)
        {
            throw new CliException($"{path} can't be read: remove it, and sign in again with 'scdn login'.", fault);
        }
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Login))]
internal sealed partial class LoginJson : JsonSerializerContext;
