using ProSaas.MigrationWorker;
using ProSaas.ServiceDefaults;

return await ServiceProcess.RunAsync(() => MigrationJob.RunAsync(args));
