using System.Diagnostics;

namespace Scdn.Testing;

/// <summary>PostgreSQL's programs, as Debian installs them, and the user that they run as: the server refuses to run as root.</summary>
public static class PostgresPrograms
{
    private const string Packages = "/usr/lib/postgresql";

    private static readonly string[] AsNobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];

    /// <summary>A program's path.</summary>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed.</exception>
    public static string Find(string name)
    {
        var folders = Directory.Exists(Packages) ? Directory.GetDirectories(Packages).OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0) : Enumerable.Empty<string>();
        var places = folders.Select(folder => Path.Combine(folder, "bin", name)).Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, name)));
        return places.FirstOrDefault(File.Exists) ?? throw new InvalidOperationException($"PostgreSQL's {name} is missing: type 'apt-get install postgresql' as root.");
    }

    /// <summary>Runs a program to its end; returns what it said.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message is what it said.</exception>
    public static async Task<string> RunAsync(string name, params string[] arguments)
    {
        using var process = Process.Start(StartInfo(Find(name), arguments))!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{name} failed: {await output}{await errors}");
    }

    /// <summary>A folder that the programs can write to.</summary>
    public static string MakeFolder()
    {
        var folder = Directory.CreateTempSubdirectory("scdn-test-postgres-").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            using var chown = Process.Start("chown", ["65534:65534", folder]);
            chown.WaitForExit();
        }

        return folder;
    }

    internal static ProcessStartInfo StartInfo(string program, IEnumerable<string> arguments)
    {
        var info = Environment.IsPrivilegedProcess ? new ProcessStartInfo("setpriv", [.. AsNobody, program, .. arguments]) : new ProcessStartInfo(program, arguments);
        (info.RedirectStandardInput, info.RedirectStandardOutput, info.RedirectStandardError, info.WorkingDirectory) = (true, true, true, "/");
        return info;
    }
}
