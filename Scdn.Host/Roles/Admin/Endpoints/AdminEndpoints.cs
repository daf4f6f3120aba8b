using Scdn.Host.Hosting.Trust;
using Scdn.Host.Parts;

namespace Scdn.Host.Roles.Admin.Endpoints;

/// <summary><c>/v1/admin</c>: what operators ask, each with their token.</summary>
internal static class AdminEndpoints
{
    public static void Map(WebApplication app)
    {
        PartEndpoints.Map(app);
        var admin = app.MapGroup("/v1/admin").ForOperators();
        ContentEndpoints.Map(admin);
        UploadEndpoints.Map(admin);
        AccountEndpoints.Map(admin);
        SessionEndpoints.Map(admin);
        EntitlementEndpoints.Map(admin);
        KeyEndpoints.Map(admin);
        ClusterEndpoints.Map(admin);
        StatisticsEndpoints.Map(admin);
        PlayEndpoints.Map(admin);
        OperatorEndpoints.Map(admin);
    }
}
