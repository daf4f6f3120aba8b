namespace Scdn.Format.Wire;

// What operators and hosts say to each other about the cluster's settings. JSON, camel case; values are text as they are typed.

/// <summary>All settings as they are now.</summary>
/// <param name="Version">Their version, from 1; 0: nothing was ever set. A change names the one that it was made from.</param>
/// <param name="Settings">All of them, by name.</param>
public sealed record ConfigurationAnswer(long Version, IReadOnlyList<SettingSummary> Settings);

/// <summary>A setting.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">What is in force; null: none.</param>
/// <param name="Default">What is in force while nothing is set; null: none.</param>
/// <param name="IsSet">Whether it is set.</param>
/// <param name="Takes">What it takes.</param>
/// <param name="Role">Who may set it.</param>
/// <param name="Description">What it is for.</param>
public sealed record SettingSummary(string Name, string? Value, string? Default, bool IsSet, string Takes, OperatorRole Role, string Description);

/// <summary>Sets settings, all of them or, when one can't be, none.</summary>
/// <param name="Version">The version that this was made from: if there is another by now, nothing is changed.</param>
/// <param name="Values">What to set, by name; null: back to the default.</param>
public sealed record ConfigurationEdit(long Version, IReadOnlyDictionary<string, string?> Values);

/// <summary>Takes settings back to what they were, in a version of its own.</summary>
/// <param name="Version">As in <see cref="ConfigurationEdit"/>.</param>
/// <param name="To">The version that is to be in force again; 0: the defaults.</param>
public sealed record ConfigurationRevert(long Version, long To);

/// <summary>A change that was made.</summary>
/// <param name="Version">The version that it made.</param>
/// <param name="At">When.</param>
/// <param name="By">The operator.</param>
/// <param name="Through">The host that was asked.</param>
/// <param name="Changes">What was changed.</param>
/// <param name="Reverted">The version that was put in force again; null: it was no revert.</param>
public sealed record ConfigurationChange(long Version, DateTimeOffset At, string By, string Through, IReadOnlyList<SettingChange> Changes, long? Reverted = null);

/// <summary>What was changed of a setting; null: not set.</summary>
public sealed record SettingChange(string Name, string? From, string? To);
