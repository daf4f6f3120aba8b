using Scdn.Grains.Storage;

namespace Scdn.Grains.Operators;

/// <summary>The rules of an operator's token.</summary>
public static class OperatorTokenGrain
{
    /// <summary>Takes a fresh token into use.</summary>
    public static Change<OperatorTokenState> Create(OperatorTokenState? state, string name, DateTimeOffset now)
    {
        if (Names.Check(name) is { } refusal) return refusal;
        return state is null ? new OperatorTokenState(name, now) : Refusal.Conflict("There is such an operator's token already; make a fresh one.");
    }
}
