using Scdn.Format.Wire;

namespace Scdn.Host.Data;

/// <summary>Something that was done to the store on the command line, where nobody shows a token: it is whoever the machine's user is.</summary>
internal static class CommandLineAct
{
    /// <summary>An act that begins now.</summary>
    public static AuditEntry New(string act, TimeProvider time)
    {
        var now = time.GetUtcNow();
        return new(Guid.CreateVersion7(now), now, $"command line ({Environment.UserName})", act);
    }
}
