namespace Scdn.Testing;

/// <summary>A folder for one test, removed with all that is in it when disposed.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>Where the folder is.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("scdn-test-").FullName;

    /// <summary>The path of an entry, which need not exist.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file and gives its path.</summary>
    public string Write(string name, ReadOnlySpan<byte> bytes)
    {
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    /// <summary>Writes a text file and gives its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}
