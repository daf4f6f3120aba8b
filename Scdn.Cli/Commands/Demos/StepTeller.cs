using System.Diagnostics;
using System.Globalization;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Demos;

/// <summary>Tells each step with the time since the start.</summary>
internal sealed class StepTeller(Printer printer)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>Seconds since the start.</summary>
    public double Seconds => Math.Round(_clock.Elapsed.TotalSeconds, 1);

    /// <summary>Tells what was just done.</summary>
    public void Tell(string sentence) => printer.Say(string.Create(CultureInfo.InvariantCulture, $"{Seconds,6:0.0} s  {sentence}"));
}
