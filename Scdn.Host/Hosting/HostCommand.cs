using System.CommandLine;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Scdn.Host.Data;

namespace Scdn.Host.Hosting;

/// <summary>The program: reads the command line, builds the host, runs it to its end, and says in one sentence why it could not.</summary>
internal sealed partial class HostCommand(TextWriter output, TextWriter errors, TimeProvider time)
{
    /// <summary>Everything went well.</summary>
    public const int Success = 0;

    /// <summary>The host could not start, or died.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    private readonly HostOptions _options = new();

    public async Task<int> RunAsync(string[] args, CancellationToken cancel = default)
    {
        var command = new RootCommand("Runs roles of SCDN: control roles share one data folder, content servers each have their own.");
        foreach (var option in _options.All.Concat(HostRoles.All.SelectMany(role => role.Options))) command.Options.Add(option);
        command.SetAction((parsed, stop) => ServeAsync(parsed, stop));
        command.Subcommands.Add(new DatabaseCommand(output, errors, time).Create());
        command.Subcommands.Add(new KeyCommand(output, errors, time).Create());

        var parsed = command.Parse(args);
        if (parsed.Errors.Count > 0) return Refuse(parsed.Errors.Select(error => error.Message));

        // The host's own lifetime takes SIGTERM and SIGINT: it stops cleanly, and that is success.
        var invocation = new InvocationConfiguration { Output = output, Error = errors, ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
        return await parsed.InvokeAsync(invocation, cancel);
    }

    private async Task<int> ServeAsync(ParseResult parsed, CancellationToken stop)
    {
        var faults = new List<string>();
        var settings = _options.Read(parsed, faults);
        WebApplication? app = null;
        try
        {
            var builder = HostBuilding.Begin(settings, parsed, time, faults);
            if (faults.Count > 0) return Refuse(faults);
            DataFolder.Prepare(settings.DataFolder);
            app = builder.Build();
            builder.Map(app);
            await app.StartAsync(stop);
            if (settings.IsControl && settings.Listen is { Scheme: "http", IsLoopback: false }) LogInsecure(app.Logger, settings.Listen);
            await output.WriteLineAsync($"ready {app.Services.GetRequiredService<HostAddress>().Bound.ToString().TrimEnd('/')}");
            await output.FlushAsync(CancellationToken.None);
            await app.WaitForShutdownAsync(stop);
            return app.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(service => service.ExecuteTask is { IsFaulted: true }) ? Failure : Success;
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            await errors.WriteLineAsync(
                $"Port {settings.Listen.Port} of {settings.Listen.Host} is taken: stop the program that uses it, or choose another port with --listen.");
            return Failure;
        }
        catch (SocketException refused)
        {
            await errors.WriteLineAsync($"The host can't listen at {settings.Listen.Host}, port {settings.Listen.Port} ({refused.Message}): choose another address or port with --listen.");
            return Failure;
        }
        catch (Exception refused) when (refused is HostStartException or StoreException)
        {
            await errors.WriteLineAsync(refused.Message);
            return Failure;
        }
        finally
        {
            if (app is not null) await app.DisposeAsync();
        }
    }

    [LoggerMessage(110, LogLevel.Warning, "Listening at {Address}, off loopback, in plain http: what control hosts say there is signed but not encrypted, so it has to be behind a proxy that does TLS, or in a network that nobody else can listen in")]
    private static partial void LogInsecure(ILogger log, Uri address);

    private int Refuse(IEnumerable<string> faults)
    {
        foreach (var fault in faults) errors.WriteLine(fault);
        return Usage;
    }
}
