using System.Net;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Configurations;

/// <summary>The rules of the configuration: changed as a whole or not at all, by whoever knows what is in force, and never without a note of who it was.</summary>
public static class ConfigurationGrain
{
    /// <summary>How many changes are remembered, and can be taken back: 100.</summary>
    public const int MaxHistory = 100;

    /// <summary>The version that is in force: each change makes one more.</summary>
    public static long VersionOf(ConfigurationState state) => state.History is [.., var newest] ? newest.Version : 0;

    /// <summary>What is in force. A value that this program does not take is passed over, its name among the faults; a name that it does not know belongs to another version of it.</summary>
    public static (Settings Settings, IReadOnlyList<string> Faults) Read(ConfigurationState state)
    {
        var (settings, faults) = (Settings.Default, new List<string>());
        foreach (var (name, text) in state.Values)
        {
            if (Setting.Find(name) is not { } setting) continue;
            if (setting.TryPut(settings, text, out var changed)) settings = changed;
            else faults.Add(name);
        }

        return (settings, faults);
    }

    /// <summary>Sets settings; those that have the value already are not changed.</summary>
    public static Change<ConfigurationState> Edit(ConfigurationState? state, ConfigurationEdit edit, Author author, DateTimeOffset now)
    {
        var present = state ?? ConfigurationState.Empty;
        if (WhyStale(present, edit.Version) is { } stale) return stale;
        var (values, faults) = (new Dictionary<string, string>(present.Values), new List<string>());
        foreach (var (name, text) in edit.Values)
        {
            if (Setting.Find(name) is not { } setting) faults.Add($"There is no setting '{ShownName(name)}': {NearNames.Sentence(name, Setting.All.Select(one => one.Name), "'scdn config show'")}");
            else if (text is null) values.Remove(name);
            else if (setting.TryPut(Settings.Default, text, out var alone)) values[name] = setting.Read(alone) ?? "";
            else faults.Add($"{name}: it takes {setting.Takes}.");
        }

        return faults.Count > 0 ? Refusal.Invalid(string.Join(' ', faults)) : Save(state, values, author, now, reverted: null);
    }

    /// <summary>Puts a version in force again that is remembered, as a version of its own.</summary>
    public static Change<ConfigurationState> Revert(ConfigurationState? state, ConfigurationRevert revert, Author author, DateTimeOffset now)
    {
        var present = state ?? ConfigurationState.Empty;
        if (WhyStale(present, revert.Version) is { } stale) return stale;
        var newest = VersionOf(present);
        if (revert.To < 0 || revert.To > newest) return Refusal.NotFound($"There is no version {revert.To} of the configuration: the newest is {newest}.");
        var undone = present.History.Where(change => change.Version > revert.To).OrderByDescending(change => change.Version).ToList();
        if (undone.Count < newest - revert.To)
            return Refusal.NotFound($"Version {revert.To} of the configuration is not remembered any more: the oldest to go back to is {present.History[0].Version - 1}.");

        var values = new Dictionary<string, string>(present.Values);
        foreach (var change in undone.SelectMany(change => change.Changes))
        {
            if (change.From is { } former) values[change.Name] = former;
            else values.Remove(change.Name);
        }

        return Save(state, values, author, now, revert.To);
    }

    private static Change<ConfigurationState> Save(ConfigurationState? state, Dictionary<string, string> values, Author author, DateTimeOffset now, long? reverted)
    {
        var present = state ?? ConfigurationState.Empty;
        SettingChange[] changes =
        [
            .. from name in present.Values.Keys.Union(values.Keys).Order(StringComparer.Ordinal)
               let change = new SettingChange(name, present.Values.GetValueOrDefault(name), values.GetValueOrDefault(name))
               where change.From != change.To
               select change,
        ];
        if (changes.Length == 0) return state is null ? present : Change<ConfigurationState>.None;
        var denied = changes.Select(change => change.Name).Where(name => Setting.Find(name)?.Role > author.Role).ToList();
        if (denied.Count > 0) return Refusal.Denied($"{string.Join(", ", denied)}: only an owner sets that, and operator '{author.Name}' is none.");

        var next = new ConfigurationState(values, [.. present.History.TakeLast(MaxHistory - 1), new(VersionOf(present) + 1, now, author.Name, author.Through, changes, reverted)]);
        var (settings, faults) = Read(next);
        if (faults.Count > 0) return Refusal.Invalid($"{string.Join(", ", faults)}: this version of the program does not take what was set then.");
        return WhyNotTogether(settings) is { } refusal ? refusal : next;
    }

    private static Refusal? WhyStale(ConfigurationState state, long version)
    {
        var newest = VersionOf(state);
        return version == newest ? null : Refusal.Conflict(
            $"The configuration has version {newest} by now{(state.History is [.., var last] ? $", of operator '{last.By}'" : "")}, and this change was made from version {version}: look at it again, then change it.");
    }

    /// <summary>What each takes alone may not go together.</summary>
    private static Refusal? WhyNotTogether(Settings settings) =>
        settings.Billing.Url is { } url && IPAddress.TryParse(url.DnsSafeHost, out var address) && AddressRanges.Private.Contains(address) && !settings.Billing.PrivateAddresses.Contains(address)
            ? Refusal.Invalid($"billing.url: {address} is not an address of the public internet, and is asked only when it is listed in billing.private-addresses.")
            : null;

    private static string ShownName(string name) => name.Length <= 64 ? name : $"{name[..64]}…";
}

/// <summary>Who changes the configuration.</summary>
/// <param name="Name">The operator's name.</param>
/// <param name="Role">What the operator may.</param>
/// <param name="Through">The host that was asked.</param>
public sealed record Author(string Name, OperatorRole Role, string Through);
