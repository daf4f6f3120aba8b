using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Scdn.Host.Data;
using Scdn.Host.Data.Postgres;
using Scdn.Host.Data.Sqlite;
using Scdn.Host.Data.Upkeep;

namespace Scdn.Host.Hosting;

/// <summary><c>scdn-host database</c>, which is <c>scdn database</c>: looks after the store of the control roles.</summary>
internal sealed partial class DatabaseCommand(TextWriter output, TextWriter errors, TimeProvider time)
{
    private readonly Option<string?> _data = new("--data") { Description = "Folder of a control host: the store is the file in it.", HelpName = "DIR", Recursive = true };

    private readonly Option<string?> _database = new("--database")
    {
        Description = $"The store is in this PostgreSQL database, such as {PostgresAddress.Example}. The password: PGPASSWORD or ~/.pgpass.", HelpName = "URL", Recursive = true,
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON.", Recursive = true };

    private readonly Option<string> _out = new("--out") { Description = "The file to write; never overwritten.", Required = true, HelpName = "FILE" };

    private readonly Argument<string> _file = new("FILE") { Description = "A backup, made of either kind of store." };

    private readonly Option<bool> _replace = new("--replace") { Description = "Let go of what is in the store." };

    /// <summary>The command with its verbs.</summary>
    public Command Create()
    {
        var command = new Command("database", "Looks after the store of the control roles.") { _data, _database, _json };
        command.Subcommands.Add(Verb("check", "Says what is in the store, and whether it is whole.", CheckAsync));
        command.Subcommands.Add(Verb("migrate", "Makes the store, or brings it up to date; hosts do so by themselves when they start.", MigrateAsync));
        command.Subcommands.Add(Verb("backup", "Writes all of the store into one file, while hosts run or not.", BackUpAsync, _out));
        command.Subcommands.Add(Verb("restore", "Fills the store from a backup, of either kind of store.", RestoreAsync, _file, _replace));
        return command;
    }

    private Command Verb(string name, string description, Func<ParseResult, IStoreUpkeep, CancellationToken, Task<int>> run, params Symbol[] symbols)
    {
        var command = new Command(name, description);
        foreach (var option in symbols.OfType<Option>()) command.Options.Add(option);
        foreach (var argument in symbols.OfType<Argument>()) command.Arguments.Add(argument);
        command.SetAction((parsed, stop) => RunAsync(parsed, run, stop));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, Func<ParseResult, IStoreUpkeep, CancellationToken, Task<int>> run, CancellationToken stop)
    {
        if (!TryOpen(parsed, out var store, out var fault))
        {
            await errors.WriteLineAsync(fault);
            return HostCommand.Usage;
        }

        // The host's own lifetime takes signals; here there is none.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        await using (store)
        {
            try
            {
                return await run(parsed, store!, end.Token);
            }
            catch (Exception refused) when (refused is StoreException or IOException or UnauthorizedAccessException)
            {
                await errors.WriteLineAsync(refused.Message);
                return HostCommand.Failure;
            }
            catch (OperationCanceledException)
            {
                await errors.WriteLineAsync("Interrupted; nothing was changed.");
                return 130;
            }
        }

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            end.Cancel();
        }
    }

    private bool TryOpen(ParseResult parsed, out IStoreUpkeep? store, out string? fault)
    {
        (store, fault) = (null, null);
        if (parsed.GetValue(_database) is { } text)
        {
            if (PostgresAddress.TryParse(text, out var address, out var wrong)) store = new PostgresUpkeep(address, time);
            else fault = $"{_database.Name}: {wrong}.";
        }
        else if (parsed.GetValue(_data) is { Length: > 0 } folder)
        {
            store = new SqliteUpkeep(StoreFile.In(Path.GetFullPath(folder)), time);
        }
        else
        {
            fault = $"Say which store: {_data.Name} DIR, or {_database.Name} URL.";
        }

        return store is not null;
    }

    private async Task<int> CheckAsync(ParseResult parsed, IStoreUpkeep store, CancellationToken stop)
    {
        var found = await store.CheckAsync(stop);
        if (parsed.GetValue(_json)) await PrintAsync(found, UpkeepJson.Default.StoreCheck);
        else foreach (var line in Lines(found)) await output.WriteLineAsync(line);
        return found.IsUsable ? HostCommand.Success : HostCommand.Failure;
    }

    private async Task<int> MigrateAsync(ParseResult parsed, IStoreUpkeep store, CancellationToken stop)
    {
        var before = await store.MigrateAsync(stop);
        var after = (await store.CheckAsync(stop)).Version;
        await TellAsync(parsed, new StoreMigrated(before, after), UpkeepJson.Default.StoreMigrated, before == 0 ? $"The store was made, with version {after}." : before == after ? $"The store has version {after} already: nothing was changed." : $"The store was brought from version {before} to {after}.");
        return HostCommand.Success;
    }

    private async Task<int> BackUpAsync(ParseResult parsed, IStoreUpkeep store, CancellationToken stop)
    {
        var file = Path.GetFullPath(parsed.GetValue(_out)!);
        await store.BackUpAsync(file, stop);
        var size = new FileInfo(file).Length;
        await TellAsync(
            parsed, new StoreBackedUp(file, size), UpkeepJson.Default.StoreBackedUp,
            $"The store was written to {file} ({size} bytes), which only you can read. Keep it with the master key, without which nobody can open the content keys in it.");
        return HostCommand.Success;
    }

    private async Task<int> RestoreAsync(ParseResult parsed, IStoreUpkeep store, CancellationToken stop)
    {
        var file = Path.GetFullPath(parsed.GetValue(_file)!);
        await store.RestoreAsync(file, parsed.GetValue(_replace), stop);
        await TellAsync(parsed, new StoreRestored(file), UpkeepJson.Default.StoreRestored, $"The store was restored from {file}.");
        return HostCommand.Success;
    }

    private static IEnumerable<string> Lines(StoreCheck found)
    {
        yield return $"{(found.Engine == "sqlite" ? "SQLite" : "PostgreSQL")}, {found.Place}: version {found.Version} of {found.Newest}";
        foreach (var (kind, count) in found.Grains) yield return $"  {kind}: {count}";
        yield return $"  records: {found.Records}, plays: {found.Plays}, rows of statistics: {found.Statistics}, changes in the feed: {found.Changes}";
        foreach (var fault in found.Faults) yield return fault;
        yield return found switch
        {
            { Faults.Count: > 0 } => "It is damaged: restore a backup with 'scdn database restore'.",
            { Version: var version, Newest: var newest } when version > newest => "It is of a newer program: run that.",
            { Version: var version, Newest: var newest } when version < newest => "It is whole; hosts bring it up to date when they start.",
            _ => "It is whole.",
        };
    }

    private async Task TellAsync<T>(ParseResult parsed, T result, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, string sentence)
    {
        if (parsed.GetValue(_json)) await PrintAsync(result, type);
        else await output.WriteLineAsync(sentence);
    }

    private Task PrintAsync<T>(T result, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => output.WriteLineAsync(JsonSerializer.Serialize(result, type));

    private sealed record StoreMigrated(int Before, int After);

    private sealed record StoreBackedUp(string File, long SizeBytes);

    private sealed record StoreRestored(string File);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(StoreCheck))]
    [JsonSerializable(typeof(StoreMigrated))]
    [JsonSerializable(typeof(StoreBackedUp))]
    [JsonSerializable(typeof(StoreRestored))]
    private sealed partial class UpkeepJson : JsonSerializerContext;
}
