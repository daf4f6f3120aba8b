using System.CommandLine;
using Scdn.Format.Wire;

namespace Scdn.Cli.Commands.Configurations;

/// <summary><c>scdn config</c>: the cluster's settings.</summary>
internal static class ConfigCommand
{
    /// <summary>What a setting without a value has.</summary>
    public const string NoValue = "none";

    public static Command Create() => new("config", "Shows and changes the cluster's settings: in force on every control host within a second.") { Show.Create(), Set.Create(), Unset.Create(), History.Create(), Revert.Create() };

    /// <summary>Settings of those names, as a sentence says them.</summary>
    public static string Sentence(ConfigurationAnswer answer, IEnumerable<string> names)
    {
        var values = from setting in answer.Settings where names.Contains(setting.Name) select $"{setting.Name} is {setting.Value ?? NoValue}";
        return $"{string.Join(", ", values)}: version {answer.Version} of the configuration.";
    }
}
