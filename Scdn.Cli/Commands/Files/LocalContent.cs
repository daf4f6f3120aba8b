using System.CommandLine;
using Scdn.Cli.Publishers;
using Scdn.Format;

namespace Scdn.Cli.Commands.Files;

/// <summary>The argument and options with which a command takes a content that lies here: a header of somebody trusted, its key, and the folder of its parts.</summary>
internal sealed class LocalContent
{
    private readonly Argument<FileInfo> _header = new("HEADER.enp") { Description = "The header." };
    private readonly Option<FileInfo?> _key = KeyFiles.Option();
    private readonly Option<DirectoryInfo?> _parts = new("--parts") { Description = "Folder of the parts (default: the header's).", HelpName = "DIR" };
    private readonly Option<string[]> _trust = Signers.TrustOption();

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_header);
        command.Options.Add(_key);
        command.Options.Add(_parts);
        command.Options.Add(_trust);
    }

    /// <summary>Opens what was named; what can't be opened or trusted is refused with the reason.</summary>
    public async Task<OpenedContent> OpenAsync(CommandContext context, CancellationToken stop)
    {
        var path = context.Get(_header).FullName;
        var header = await HeaderFiles.ReadAsync(path, stop);
        Signers.Check(header, context.Get(_trust) ?? []);
        return new(path, header, KeyFiles.Require(header, path, context.Get(_key)), new PartFolder(context.Get(_parts)?.FullName ?? Path.GetDirectoryName(path)!));
    }
}

/// <summary>A content that lies here.</summary>
/// <param name="HeaderPath">Its header's file.</param>
/// <param name="Header">The header.</param>
/// <param name="Key">The content key; null when nothing is protected.</param>
/// <param name="Parts">Its parts.</param>
internal sealed record OpenedContent(string HeaderPath, Header Header, ContentKey? Key, PartFolder Parts) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Parts.Dispose();
        Key?.Dispose();
    }
}
