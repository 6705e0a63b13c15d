return SamMed2D.Viewer.EntryPoint.Run(args);
