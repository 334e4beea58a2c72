using Microsoft.Extensions.Options;

namespace ProSaas.Api.Budgets;

internal static class BudgetsRegistration
{
    public static void AddBudgets(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<BudgetOptions>().BindConfiguration(BudgetOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<BudgetOptions>, BudgetOptionsValidator>();
        builder.Services.AddSingleton<ReplyBudget>();
        builder.Services.AddSingleton<RequestBudgets>();
    }
}
