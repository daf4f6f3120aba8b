using System.Diagnostics.CodeAnalysis;
using Scdn.Format.Wire;
using Scdn.Grains.Devices;
using Scdn.Grains.Sessions;
using Scdn.Grains.Streams;

namespace Scdn.Grains.Configurations;

/// <summary>A setting: its name, what it is for, what it takes, and who may set it. <see cref="All"/> is the one list of them.</summary>
public sealed class Setting
{
    /// <summary>Longer values are none.</summary>
    private const int MaxLength = 4000;

    private readonly Func<Settings, string?> _read;
    private readonly TryPutAction _tryPut;

    private Setting(string name, string description, string takes, OperatorRole role, Func<Settings, string?> read, TryPutAction tryPut) =>
        (Name, Description, Takes, Role, _read, _tryPut) = (name, description, takes, role, read, tryPut);

    private delegate bool TryPutAction(Settings settings, string text, [NotNullWhen(true)] out Settings? changed);

    /// <summary>All there are.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        Of(
            "session-lifetime", "how long a viewer's session lasts that nobody ends", OperatorRole.Operator, SettingForms.Time(TimeSpan.FromMinutes(1), SessionGrain.MaxLifetime),
            all => all.SessionLifetime, (all, value) => all with { SessionLifetime = value }),
        Of(
            "key-lifetime", "how long an authentication key is good for at most", OperatorRole.Operator, SettingForms.Time(TimeSpan.FromMinutes(1), SessionGrain.MaxLifetime),
            all => all.KeyLifetime, (all, value) => all with { KeyLifetime = value }),
        Of(
            "streams-per-user", "how many streams of a user play at the same time, unless 'scdn user limit' says otherwise; none: as many as are asked for", OperatorRole.Operator, SettingForms.Limit(StreamPlace.MaxLimit),
            all => all.StreamsPerUser, (all, value) => all with { StreamsPerUser = value }),
        Of(
            "devices-per-user", "how many devices a user has, unless 'scdn user limit' says otherwise; none: as many as sign in", OperatorRole.Operator, SettingForms.Limit(DeviceGrain.MaxDevices),
            all => all.DevicesPerUser, (all, value) => all with { DevicesPerUser = value }),
        Of(
            "mirrors", "HTTP servers that hold parts as files, for all viewers; none: content servers only. Whoever can read one can read the parts that a policy leaves in the clear", OperatorRole.Operator, SettingForms.Mirrors,
            all => all.Mirrors, (all, value) => all with { Mirrors = value }),
        Of(
            "proxies", "proxies of your own, whose X-Forwarded-For says where a viewer is; none: nobody's is believed", OperatorRole.Owner, SettingForms.Addresses,
            all => all.Proxies, (all, value) => all with { Proxies = value }),
        Of(
            "billing.url", "who is asked before something is played; none: nobody", OperatorRole.Owner, SettingForms.Url,
            all => all.Billing.Url, (all, value) => all with { Billing = all.Billing with { Url = value } }),
        Of(
            "billing.time-limit", "how long an answer of billing is waited for", OperatorRole.Owner, SettingForms.Time(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)),
            all => all.Billing.TimeLimit, (all, value) => all with { Billing = all.Billing with { TimeLimit = value } }),
        Of(
            "billing.attempts", "how often billing is asked until it answers", OperatorRole.Owner, SettingForms.Number(1, 5),
            all => all.Billing.Attempts, (all, value) => all with { Billing = all.Billing with { Attempts = value } }),
        Of(
            "billing.private-addresses", "addresses of private networks and of the machine itself that billing may have", OperatorRole.Owner, SettingForms.Addresses,
            all => all.Billing.PrivateAddresses, (all, value) => all with { Billing = all.Billing with { PrivateAddresses = value } }),
    ];

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What it is for.</summary>
    public string Description { get; }

    /// <summary>What it takes, in words.</summary>
    public string Takes { get; }

    /// <summary>Who may set it.</summary>
    public OperatorRole Role { get; }

    /// <summary>The setting of a name; null: there is none.</summary>
    public static Setting? Find(string name) => All.FirstOrDefault(setting => setting.Name == name);

    /// <summary>The value among settings, as text; null: none.</summary>
    public string? Read(Settings settings) => _read(settings);

    /// <summary>Puts a value in; false when it is not what the setting takes.</summary>
    public bool TryPut(Settings settings, string text, [NotNullWhen(true)] out Settings? changed)
    {
        changed = null;
        return text.Length <= MaxLength && _tryPut(settings, text.Trim(), out changed);
    }

    private static Setting Of<T>(string name, string description, OperatorRole role, SettingForm<T> form, Func<Settings, T> get, Func<Settings, T, Settings> put)
    {
        return new(name, description, form.Takes, role, all => form.Write(get(all)), TryPut);

        bool TryPut(Settings settings, string text, [NotNullWhen(true)] out Settings? changed)
        {
            changed = form.Read(text, out var value) ? put(settings, value) : null;
            return changed is not null;
        }
    }
}
