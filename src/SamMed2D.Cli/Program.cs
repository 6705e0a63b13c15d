return SamMed2D.Cli.Terminal.EntryPoint.Run(args);
