namespace Scdn.Cli.Hosts;

/// <summary>Where the server program is.</summary>
internal static class HostProgram
{
    /// <summary>Names the program when it lies elsewhere.</summary>
    public const string Variable = "SCDN_HOST";

    private const string Name = "scdn-host";

    /// <summary>The program's path: as the environment says, else beside this program, else where a build puts it.</summary>
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return File.Exists(named) ? named : throw new CliException($"There is no program {named}: correct the variable {Variable}, or unset it.");
        var here = AppContext.BaseDirectory;
        string[] places = [Path.Combine(here, Name), Path.GetFullPath(Path.Combine(here, "..", "..", "Scdn.Host", "release", Name))];
        return places.FirstOrDefault(File.Exists) ?? throw new CliException($"The program {Name} was not found: build it, or name it in the variable {Variable}.");
    }
}
