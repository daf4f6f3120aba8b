namespace Scdn.Format.Wire;

/// <summary>Something that an operator did, or tried to.</summary>
/// <param name="Id">Its id (UUID version 7: later ones are greater).</param>
/// <param name="At">When it was asked for.</param>
/// <param name="Operator">Whose token was shown; nobody, where none was, or the command line with the machine's user.</param>
/// <param name="Act">The method and the address, or the command.</param>
/// <param name="Subject">What it was about, where the address does not say; null: it says.</param>
/// <param name="Status">The HTTP status of the answer, or the one that stands for what came of a command; null: there was none, for the host or the command ended before.</param>
public sealed record AuditEntry(Guid Id, DateTimeOffset At, string Operator, string Act, string? Subject = null, int? Status = null);
