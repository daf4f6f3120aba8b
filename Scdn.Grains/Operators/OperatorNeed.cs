using Scdn.Format.Wire;

namespace Scdn.Grains.Operators;

/// <summary>What it takes to do something.</summary>
/// <param name="Role">A role, or one that may more.</param>
/// <param name="Scope">What a token that has scopes must have among them; null: whatever it has.</param>
public readonly record struct OperatorNeed(OperatorRole Role, OperatorScope? Scope);
