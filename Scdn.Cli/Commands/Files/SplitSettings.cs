using System.CommandLine;
using System.CommandLine.Parsing;
using Scdn.Cli.Publishers;
using Scdn.Format;
using Scdn.Media;
using Scdn.Player;

namespace Scdn.Cli.Commands.Files;

/// <summary>The options of splitting, shared by all commands that split.</summary>
internal sealed class SplitSettings
{
    private readonly Option<long> _partSize = new("--part-size")
    {
        Description = $"Bytes of the original in a part, from {Output.Units.Size(SplitOptions.MinPartSize)} to {Output.Units.Size(SplitOptions.MaxPartSize)} (default: 8MiB).",
        HelpName = "SIZE",
        CustomParser = SizeBytes.Between(SplitOptions.MinPartSize, SplitOptions.MaxPartSize),
    };

    private readonly Option<ProtectionPolicy> _protect = new("--protect")
    {
        Description = "Which parts are encrypted: full, none, head, or every:N (default: full).",
        HelpName = "POLICY",
        CustomParser = ParsePolicy,
    };

    private readonly Option<MediaFormat> _format = new("--format")
    {
        Description = $"What the file is: {string.Join(", ", MediaFormat.All)} (default: auto).",
        HelpName = "FORMAT",
        CustomParser = ParseFormat,
    };

    private readonly Option<FileInfo?> _publisher = new("--publisher")
    {
        Description = "Sign with the key in this file, which 'scdn keygen --out' wrote (default: your own).",
        HelpName = "FILE",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        AddProtectionTo(command);
        command.Options.Add(_format);
    }

    /// <summary>Adds those to a command that needn't look into the file.</summary>
    public void AddProtectionTo(Command command)
    {
        command.Options.Add(_partSize);
        command.Options.Add(_protect);
        command.Options.Add(_publisher);
    }

    /// <summary>The name of one of these options that was typed; null: none was.</summary>
    public string? Given(CommandResult result) => new Option[] { _partSize, _protect, _format, _publisher }.FirstOrDefault(option => result.GetResult(option) is { Implicit: false })?.Name;

    /// <summary>The format that was chosen.</summary>
    public MediaFormat Format(CommandContext context) => context.Get(_format) ?? MediaFormat.Auto;

    /// <summary>The key to sign with that was named; null: none was.</summary>
    public PublisherKey? Publisher(CommandContext context) => context.Get(_publisher) is { } file ? PublisherIdentity.Read(file.FullName) : null;

    /// <summary>How to split.</summary>
    public SplitOptions Read(CommandContext context)
    {
        var options = new SplitOptions { Policy = context.Get(_protect) ?? ProtectionPolicy.Full };
        if (context.Get(_partSize) is > 0 and var size) options = options with { PartSize = size };
        return options;
    }

    private static ProtectionPolicy? ParsePolicy(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (!ProtectionPolicy.TryParse(text, out var policy)) result.AddError($"'{text}' is not a protection: give full, none, head, or every:N with N from 1.");
        return policy;
    }

    private static MediaFormat? ParseFormat(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (!MediaFormat.TryParse(text, out var chosen)) result.AddError($"'{text}' is not a format: give one of {string.Join(", ", MediaFormat.All)}.");
        return chosen;
    }
}
