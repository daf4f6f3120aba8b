namespace Scdn.Host.Roles.Admin.Endpoints;

/// <summary>How many items a page of a long list has.</summary>
internal static class Paging
{
    private const int Default = 100;
    private const int Max = 1000;

    /// <summary>As many as were asked for, within bounds.</summary>
    public static int Limit(int? asked) => Math.Clamp(asked ?? Default, 1, Max);
}
