using Scdn.Format.Wire;

namespace Scdn.Grains.Operators;

/// <summary>Roles in sentences.</summary>
internal static class OperatorRoles
{
    public static string WithArticle(OperatorRole role) => role switch
    {
        OperatorRole.Viewer => "a viewer",
        OperatorRole.Publisher => "a publisher",
        OperatorRole.Operator => "an operator",
        _ => "an owner",
    };
}
