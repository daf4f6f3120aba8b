using Scdn.Format;

namespace Scdn.Cli.Commands.Files;

/// <summary>Header files as they are named on the command line.</summary>
internal static class HeaderFiles
{
    public static async Task<Header> ReadAsync(string path, CancellationToken stop)
    {
        if (Directory.Exists(path)) throw new CliException($"{path} is a folder: name the header file in it.");
        if (!File.Exists(path)) throw new CliException($"There is no header file {path}.");
        return await Header.ReadAsync(path, stop);
    }
}
