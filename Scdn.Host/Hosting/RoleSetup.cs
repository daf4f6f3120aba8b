using System.CommandLine;
using System.Diagnostics.CodeAnalysis;

namespace Scdn.Host.Hosting;

/// <summary>What a role gets to set itself up with: the host's settings, its own options' values, and a place for faults.</summary>
internal sealed class RoleSetup(HostSettings host, ParseResult parsed, ICollection<string> faults)
{
    public HostSettings Host => host;

    /// <summary>An option's value; what did not parse was reported already and is the type's default here.</summary>
    [return: MaybeNull]
    public T Get<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>Reports one sentence: what is wrong with which option, and what would be right. The host then does not start.</summary>
    public void Fault(string sentence) => faults.Add(sentence);
}
