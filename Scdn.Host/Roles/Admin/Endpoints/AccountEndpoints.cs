using Scdn.Format.Wire;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin.Endpoints;

/// <summary>Viewers' accounts.</summary>
internal static class AccountEndpoints
{
    private const int LongestSubject = 200;

    public static void Map(RouteGroupBuilder admin)
    {
        var users = admin.MapGroup("/users").In(OperatorArea.Users);
        users.MapGet("", (string? after, int? limit, Accounts accounts, CancellationToken cancel) => accounts.ListAsync(after, Paging.Limit(limit), cancel))
            .WithSummary("Accounts, by name.");
        users.MapPost("", async (AddUserRequest request, HttpContext http, Accounts accounts, CancellationToken cancel) =>
        {
            http.IsAbout($"user '{request.Name}'");
            return (await accounts.AddAsync(request, cancel)).ToResult();
        })
            .WithSummary("Makes an account.");
        users.MapDelete("/{name}", async (string name, Accounts accounts, CancellationToken cancel) => (await accounts.DisableAsync(name, cancel)).ToResult())
            .WithSummary("Closes an account for good and ends its sessions.");
        users.MapPatch("/{name}/limits", async (string name, UserLimits edit, HttpContext http, Accounts accounts, CancellationToken cancel) =>
        {
            var limited = await accounts.LimitAsync(name, edit, cancel);
            if (limited.Refusal is null) http.IsAbout(Said(("streams", edit.Streams), ("devices", edit.Devices), ("addresses", edit.Addresses)));
            return limited.ToResult();
        })
            .WithSummary("Changes some of the limits of an account.");
        users.MapGet("/{name}/devices", async (string name, UserDevices devices, CancellationToken cancel) => (await devices.ListAsync(name, cancel)).ToResult())
            .WithSummary("The devices of an account.");
        users.MapDelete("/{name}/devices/{key}", async (string name, string key, UserDevices devices, CancellationToken cancel) => (await devices.RemoveAsync(name, key, cancel)).ToResult())
            .WithSummary("Forgets a device, and ends its sessions.");
    }

    /// <summary>What was changed, for the audit log.</summary>
    public static string Said(params IEnumerable<(string Name, string? Value)> limits)
    {
        var said = string.Join(", ", limits.Where(limit => limit.Value is not null).Select(limit => $"{limit.Name}: {limit.Value}"));
        return said.Length <= LongestSubject ? said : $"{said[..LongestSubject]}…";
    }
}
