using Scdn.Format;

namespace Scdn.Cli.Tests;

/// <summary>Runs the program as several publishers: this user, and others with a home each.</summary>
internal abstract class PublisherFixture : CliFixture
{
    /// <summary>This user's own folder of keys.</summary>
    protected string Config => Path.Combine(Home, "config", "scdn");

    protected string OwnKey => Path.Combine(Config, "publisher.pem");

    /// <summary>The publisher whose key a file holds.</summary>
    protected static string IdIn(string path)
    {
        using var key = PublisherKey.ImportPem(File.ReadAllText(path));
        return key.Id.ToString();
    }

    /// <summary>Makes somebody else's key; gives the publisher.</summary>
    protected string Stranger(string name = "stranger")
    {
        using var key = PublisherKey.Generate();
        Folder.Write(name + ".pem", key.ExportPem());
        return key.Id.ToString();
    }

    /// <summary>Splits the sample, signed with somebody else's key; gives the header's path.</summary>
    protected Task<string> SplitAsStrangerAsync(string name = "stranger") => SplitAsync("--protect", "none", "--publisher", Folder[name + ".pem"]);

    /// <summary>A succession from one key to another, each in a file.</summary>
    protected string Succession(string former, string successor)
    {
        using var first = PublisherKey.ImportPem(File.ReadAllText(Folder[former + ".pem"]));
        using var second = PublisherKey.ImportPem(File.ReadAllText(Folder[successor + ".pem"]));
        return Folder.Write($"{former}.succession", Format.Succession.Make(first, second, DateTimeOffset.UtcNow).Text);
    }

    /// <summary>Who signed a header, as <c>inspect</c> tells programs.</summary>
    protected async Task<string> StandingAsync(string header) => Json(await DoneAsync("inspect", header, "--json")).GetProperty("standing").GetString()!;
}
