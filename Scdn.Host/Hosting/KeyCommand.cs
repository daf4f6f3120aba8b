using System.CommandLine;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Scdn.Format;
using Scdn.Host.Data;
using Scdn.Host.Data.Postgres;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Hosting;

/// <summary><c>scdn-host key rotate-master</c>, which is <c>scdn key rotate-master</c>: changes the key under which secrets are kept.</summary>
internal sealed partial class KeyCommand(TextWriter output, TextWriter errors, TimeProvider time)
{
    /// <summary>The environment's variable that holds the new key, in base64url.</summary>
    private const string NewKeyVariable = "SCDN_NEW_MASTER_KEY";

    /// <summary>The file in the data folder that a run holds: two at once would each name a key of their own.</summary>
    private const string LockName = "rotate-master.lock";

    private readonly Option<string> _data = new("--data") { Description = "Folder of a control host: its master key, and the store unless that is in PostgreSQL.", HelpName = "DIR", Required = true };

    private readonly Option<string?> _database = new("--database")
    {
        Description = $"The store is in this PostgreSQL database, such as {PostgresAddress.Example}. The password: PGPASSWORD or ~/.pgpass.", HelpName = "URL",
    };

    private readonly Option<string?> _newKey = new("--new-key-file") { Description = $"The new key, 32 bytes in base64url (default: {NewKeyVariable}, else a random one).", HelpName = "FILE" };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    /// <summary>The command with its verb.</summary>
    public Command Create()
    {
        var rotate = new Command("rotate-master", "Changes the key under which content keys and signing keys are kept, while hosts run or not.") { _data, _database, _newKey, _json };
        rotate.SetAction(RunAsync);
        return new Command("key", "Looks after the keys of the control roles.") { rotate };
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        // The host's own lifetime takes signals; here there is none.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        try
        {
            return await RotateAsync(parsed, end.Token);
        }
        catch (Exception refused) when (refused is StoreException or HostStartException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync(refused.Message);
            return HostCommand.Failure;
        }
        catch (OperationCanceledException)
        {
            await errors.WriteLineAsync("Interrupted; hosts go on with both keys: run it again to finish.");
            return 130;
        }

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            end.Cancel();
        }
    }

    private async Task<int> RotateAsync(ParseResult parsed, CancellationToken stop)
    {
        var folder = Path.GetFullPath(parsed.GetValue(_data)!);
        var source = MasterKeySource.Of(folder);
        if (source.Path is { } path && !File.Exists(path)) return await RefuseAsync($"There is no master key in {path}: name the folder of a control host with {_data.Name}.");
        PostgresAddress? address = null;
        // The text is not shown: it may hold a password.
        if (parsed.GetValue(_database) is { } text && !PostgresAddress.TryParse(text, out address, out var wrong)) return await RefuseAsync($"{_database.Name}: {wrong}.");

        using var alone = FileLock.TryTake(Path.Combine(folder, LockName));
        if (alone is null) return await RefuseAsync($"Another 'rotate-master' changes the master key of {folder}: let it end, then run this again if need be.");
        var json = parsed.GetValue(_json);
        await using var store = OpenGrains.Open(folder, address, time);
        var rotation = new MasterKeyRotation(store.Grains, source, time, step =>
        {
            if (!json) output.WriteLine(step);
        });
        var newKey = ReadNewKey(parsed);
        var act = CommandLineAct.New("keys rotate-master", time);
        await store.Audit.BeginAsync(act, stop);
        var outcome = await rotation.RunAsync(newKey, stop);
        await store.Audit.EndAsync(
            act.Id, outcome.Refusal is { } why ? Problems.Status(why.Kind) : StatusCodes.Status200OK, outcome.Value is { } changed ? $"master key {changed.Key}" : null, CancellationToken.None);
        if (!outcome.IsGranted(out var rotated, out var refusal)) return await RefuseAsync(refusal.Detail);
        if (json) await output.WriteLineAsync(JsonSerializer.Serialize(rotated, KeyJson.Default.MasterKeyRotated));
        else foreach (var line in Lines(rotated, source)) await output.WriteLineAsync(line);
        return HostCommand.Success;
    }

    private SealingKey? ReadNewKey(ParseResult parsed)
    {
        if (parsed.GetValue(_newKey) is { } file) return Only(MasterKeySource.ParseFile(File.ReadAllBytes(file), file), file);
        return Environment.GetEnvironmentVariable(NewKeyVariable) is { Length: > 0 } text ? Only(MasterKeySource.ParseText(text, NewKeyVariable), NewKeyVariable) : null;
    }

    private static SealingKey Only(IReadOnlyList<SealingKey> keys, string place) => keys is [var key] ? key : throw new HostStartException($"{place} holds several keys: give the new one only.");

    private static IEnumerable<string> Lines(MasterKeyRotated rotated, MasterKeySource source)
    {
        yield return $"The master key is {rotated.Key} now.";
        foreach (var file in rotated.FormerFiles) yield return $"Backups from before need the former one, {file}: keep it with them, or delete it with them.";
        if (source.Path is null) yield return $"Start control hosts with the new key alone in {MasterKeySource.Variable} from now on.";
        foreach (var host in rotated.SilentHosts) yield return $"Control host '{host}' did not answer: if it has a data folder of its own, give it the new key before it starts again.";
    }

    private async Task<int> RefuseAsync(string sentence)
    {
        await errors.WriteLineAsync(sentence);
        return HostCommand.Failure;
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(MasterKeyRotated))]
    private sealed partial class KeyJson : JsonSerializerContext;
}
